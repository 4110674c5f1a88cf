// The simulator's page: a villager's phone, the village's state beside it, and the clock.
const api = '/simulator/api';
const zone = 'Asia/Shanghai';
const $ = (id) => document.getElementById(id);

/** An element with its class, its text and what is in it. */
function el(tag, { className, text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter(Boolean));
  return node;
}

async function call(path, body) {
  const answer = await fetch(api + path, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error('没有连上,请看看 npm run demo 还开着没有。');
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.title);
  return told;
}

const clockText = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const dayText = new Intl.DateTimeFormat('zh-CN', { timeZone: zone, month: 'long', day: 'numeric', weekday: 'short' });
const timeOf = (at) => clockText.format(new Date(at));
const dayOf = (at) => dayText.format(new Date(at)).replace(/(日)\s*(周.)/, '$1 $2');
/** YYYY-MM-DDTHH:mm in the village. */
const localOf = (at) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    .format(new Date(at))
    .replace(' ', 'T');

let state = null;
let me = location.hash.slice(1);
let chat = '';
/** The last message when the page was opened. */
let opened = 0;
const messages = new Map();
const recalled = new Map();
const seen = new Map();
let now = { at: 0, since: 0, runs: false };

const person = (id) => state.people.find((each) => each.id === id);
const nameOf = (id) => (id === null ? state.bot : (person(id)?.nickname ?? id));
const direct = (id) => `direct:${id}`;
const chatsOf = (id) => [...(person(id)?.rooms ?? []), direct(id)];
const chatName = (key) =>
  key.startsWith('direct:')
    ? key === direct(me)
      ? `私聊${state.bot}`
      : `与${nameOf(key.slice(7))}的私聊`
    : (state.rooms.find(({ id }) => id === key)?.topic ?? key);
const instant = () => now.at + (now.runs ? performance.now() - now.since : 0);

/* ---- the chat ---- */

function avatar(id) {
  if (id === null)
    return el(
      'span',
      { className: 'avatar', 'aria-hidden': 'true' },
      el('img', { src: '/simulator/icon.svg', alt: '' }),
    );
  const name = nameOf(id);
  const shade = [...id].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % 8;
  return el('span', { className: `avatar c${shade}`, 'aria-hidden': 'true', text: [...name][0] });
}

const drawing = (d) => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', d);
  svg.append(path);
  return svg;
};

/** A picture grows when it has come; what was at the end stays there. */
function pictureOf(picture, text) {
  const image = el('img', { src: `${api}/pictures/${picture}`, alt: `图片:${text}` });
  image.addEventListener('load', () => {
    const log = $('log');
    if (log.scrollHeight - log.scrollTop - log.clientHeight < 400) log.scrollTop = log.scrollHeight;
  });
  return image;
}

function content({ kind, text, picture }) {
  if (kind === 'image' && picture !== null) return [pictureOf(picture, text)];
  if (kind === 'image') {
    return [el('span', { className: 'file' }, drawing('M4 5h16v14H4zm1 12 5-4 3.5 2.5 3-2.5 3 3'), `图片 ${text}`)];
  }
  if (kind === 'voice') return [el('span', { className: 'file' }, drawing('M5 9v6m4-9v12m4-8v4m4-7v10'), '语音')];
  return text
    .split(/(@[^\s\u2005]+\u2005)/)
    .map((part) => (part.endsWith('\u2005') ? el('span', { className: 'at', text: `${part.slice(0, -1)} ` }) : part));
}

function bubble(message) {
  const { from, id } = message;
  const mine = from === me;
  const back = mine ? el('button', { type: 'button', className: 'recall', text: '撤回' }) : null;
  back?.setAttribute('aria-label', `撤回:${message.text || '这条'}`);
  back?.addEventListener('click', () => recall(message));
  return el(
    'div',
    { className: `message ${mine ? 'mine' : ''} ${from === null ? 'bot' : ''}`, 'data-id': id },
    avatar(from),
    el(
      'div',
      { className: 'body' },
      el('span', { className: 'speaker', text: mine ? '我' : nameOf(from) }),
      el('div', { className: `bubble ${message.picture === null ? '' : 'picture'}` }, ...content(message)),
    ),
    back,
  );
}

const takenBack = (from) => el('p', { className: 'note', text: `${from === me ? '您' : nameOf(from)}撤回了一条消息` });

let drawn = { chat: '', me: '', last: 0, at: '' };

function draw() {
  const log = $('log');
  const fresh = drawn.chat !== chat || drawn.me !== me;
  if (fresh) {
    log.setAttribute('aria-busy', 'true');
    log.classList.add('still');
    log.replaceChildren();
    drawn = { chat, me, last: 0, at: '' };
  }
  const near = fresh || log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  let own = false;
  for (const message of messages.get(chat) ?? []) {
    if (message.seq <= drawn.last) continue;
    drawn.last = message.seq;
    if (message.kind === 'recall') {
      for (const node of log.querySelectorAll('.message')) {
        if (node.dataset.id === message.recalls) node.replaceWith(takenBack(message.from));
      }
      continue;
    }
    const gap = drawn.at === '' || Date.parse(message.at) - Date.parse(drawn.at) > 300_000;
    if (gap) log.append(el('p', { className: 'note', text: `${dayOf(message.at)} ${timeOf(message.at)}` }));
    drawn.at = message.at;
    log.append(recalled.has(message.id) ? takenBack(message.from) : bubble(message));
    own ||= message.from === me;
  }
  if (near || own) log.scrollTop = log.scrollHeight;
  seen.set(`${me} ${chat}`, drawn.last);
  if (fresh) {
    setTimeout(() => {
      log.classList.remove('still');
      log.removeAttribute('aria-busy');
    }, 50);
  }
  drawChats();
}

function drawChats() {
  const unread = (key) =>
    (messages.get(key) ?? []).filter(({ seq, from }) => from !== me && seq > (seen.get(`${me} ${key}`) ?? Infinity))
      .length;
  const buttons = chatsOf(me).map((key) => {
    const count = key === chat ? 0 : unread(key);
    const button = el('button', { type: 'button', 'aria-pressed': String(key === chat), text: chatName(key) });
    if (count > 0) button.append(el('span', { className: 'unread', text: count, 'aria-label': `${count}条没看` }));
    button.addEventListener('click', () => enter(key));
    return [`${key} ${key === chat} ${count}`, button];
  });
  const box = $('chats');
  const key = `${me} ${buttons.map(([each]) => each).join()}`;
  if (box.dataset.key === key) return;
  const focused = box.contains(document.activeElement) ? [...box.children].indexOf(document.activeElement) : -1;
  box.dataset.key = key;
  box.replaceChildren(...buttons.map(([, button]) => button));
  box.children[focused]?.focus();
}

const chips = () =>
  chat.startsWith('direct:')
    ? ['菜单', '活动', '报名 1', '我的报名', '网格员', '反馈 ', '撤销']
    : [`@${state.bot} `, '活动', '报名 1', '我的报名', '收到', '反馈 ', '撤销'];

function enter(key) {
  chat = key;
  $('hint').textContent = key.startsWith('direct:')
    ? `跟${state.bot}单独说话:每句都会回。`
    : `群里:${state.bot}只答固定的词、@它的话和它问您的话。`;
  $('quick').replaceChildren(
    ...chips().map((words) => {
      const whole = words === words.trim();
      const button = el('button', { type: 'button', text: whole ? words : `${words.trim()}…` });
      button.addEventListener('click', () => (whole ? send({ text: words }) : begin(words)));
      return button;
    }),
  );
  draw();
}

function begin(words) {
  const box = $('text');
  box.value = words + box.value;
  grow();
  box.focus();
}

function become(id, key) {
  me = id;
  const { nickname, name, grid, roles, rooms } = person(id);
  history.replaceState(null, '', `#${id}`);
  // What was written before is no news to whoever picks up this phone.
  for (const each of chatsOf(id)) {
    if (!seen.has(`${id} ${each}`)) seen.set(`${id} ${each}`, Math.max(opened, messages.get(each)?.at(-1)?.seq ?? 0));
  }
  $('me').querySelector('.avatar').replaceWith(avatar(id));
  $('my-name').textContent = nickname;
  const more = [...roles.filter((role) => role !== '党员'), nickname === name ? '' : name].filter(Boolean);
  $('my-about').replaceChildren(
    grid ?? '',
    el('span', { className: 'more', text: more.map((each) => ` · ${each}`).join('') }),
  );
  $('me').setAttribute('aria-label', `现在您是${nickname},${grid ?? ''}。换人`);
  enter(key ?? rooms[0] ?? direct(id));
}

/* ---- what one does ---- */

function tell(words, bad = false) {
  $('status').textContent = words;
  $('status').classList.toggle('bad', bad);
}

let underway = 0;
async function send(what) {
  const body = { from: me, room: chat.startsWith('direct:') ? null : chat, ...what };
  if (what.text?.includes(`@${state.bot}`)) body.mention = true;
  underway++;
  tell('正在送…');
  try {
    await call('/messages', body);
    underway--;
    if (underway === 0) tell('');
    return true;
  } catch (fault) {
    underway--;
    tell(fault.message, true);
    return false;
  }
}

const recall = ({ id }) => send({ recalls: id });

function grow() {
  const box = $('text');
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight + 2, 140)}px`;
}

async function say() {
  const box = $('text');
  const text = box.value.trim();
  box.focus();
  if (text === '') return;
  box.value = '';
  grow();
  if (!(await send({ text })) && box.value === '') {
    box.value = text;
    grow();
  }
}

$('say').addEventListener('submit', (event) => {
  event.preventDefault();
  void say();
});
$('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('say').requestSubmit();
});
$('text').addEventListener('input', grow);
$('voice').addEventListener('click', () => void send({ voice: '语音.mp3' }));
$('photo').addEventListener('click', () => $('file').click());
async function show(file) {
  let image;
  try {
    image = await shrink(file);
  } catch {
    tell('这个文件不是图片,打不开。', true);
    return;
  }
  await send({ image });
}

$('file').addEventListener('change', () => {
  const [file] = $('file').files;
  if (file !== undefined) void show(file);
  $('file').value = '';
});

/** Small enough to send: 1000 pixels at most, as JPEG. */
async function shrink(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, 1000 / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', 0.8);
}

for (const button of document.querySelectorAll('.views button')) {
  button.addEventListener('click', () => {
    document.body.dataset.view = button.dataset.view;
    for (const each of document.querySelectorAll('.views button')) {
      each.setAttribute('aria-pressed', String(each === button));
    }
    if (button.dataset.view === 'chat') $('log').scrollTop = $('log').scrollHeight;
  });
}

/* ---- who to be ---- */

function listPeople() {
  const words = $('find').value.trim();
  const groups = new Map();
  for (const each of state.people) {
    const about = [each.nickname, each.name, each.grid, each.id, ...each.roles].join(' ');
    if (words !== '' && !about.includes(words)) continue;
    groups.set(each.grid, [...(groups.get(each.grid) ?? []), each]);
  }
  const own = person(me)?.grid;
  const order = [...groups].sort(([a], [b]) => Number(b === own) - Number(a === own));
  const sections = order.map(([grid, found]) => {
    const rows = found.map(({ id, nickname, name, roles }) => {
      const about = [nickname === name ? '' : name, ...roles].filter(Boolean).join(' · ');
      const button = el(
        'button',
        { type: 'button', 'aria-pressed': String(id === me) },
        avatar(id),
        el('span', { className: 'names' }, el('b', { text: nickname }), el('small', { text: about })),
      );
      button.addEventListener('click', () => {
        $('people').close();
        become(id);
        $('text').focus();
      });
      return button;
    });
    return el('section', {}, el('h3', { text: grid ?? '其他' }), el('div', {}, ...rows));
  });
  $('list').replaceChildren(
    ...(sections.length > 0 ? sections : [el('p', { className: 'note', text: '没有这样的人。' })]),
  );
}

$('me').addEventListener('click', () => {
  if (state === null) return;
  $('find').value = '';
  listPeople();
  $('people').showModal();
});
$('find').addEventListener('input', listPeople);

/* ---- the village ---- */

const shownBefore = new Map();
/** Draws a list anew only when it has changed, so that nothing jumps while one reads. */
function list(id, rows, empty) {
  const nodes = rows.length > 0 ? rows : [el('li', { className: 'empty', text: empty })];
  const now = nodes.map((node) => node.outerHTML).join('');
  if (shownBefore.get(id) === now) return;
  shownBefore.set(id, now);
  $(id).replaceChildren(...nodes);
}
const counted = (id, count) => ($(`${id}-count`).textContent = count === 0 ? '' : String(count));
const titled = (title, tag) => el('div', { className: 'title' }, el('span', { text: title }), tag);
const names = (people) => people.map(({ id, name }) => person(id)?.nickname ?? name).join('、');
const whom = ({ room, person: who }) => (room === null ? names([who]) : chatName(room));

const doings = { 'T-1d': '前一天提醒', 'T-2h': '前两小时提醒' };
const marks = { waitlisted: '候补', held: '等回话', pending: '办理中', leaving: '办理中' };
const progress = {
  submitted: '刚收到',
  accepted: '已受理',
  assigned: '已派人',
  'in progress': '在办',
  resolved: '办好了,等评价',
  confirmed: '办结',
  reopened: '重新办',
  merged: '已合并',
  withdrawn: '已撤回',
  rejected: '不受理',
  transferred: '已转交',
  closed: '已关闭',
};
const ended = ['confirmed', 'merged', 'withdrawn', 'rejected', 'closed'];

function activityRow({ activity, starts, capacity, confirmed, held, waitlisted, state: how, people }) {
  const live = people.filter(({ status }) => status !== 'cancelled');
  const who = live.map(({ member, name, people: count, status }) => {
    const notes = [count > 1 ? `${count}人` : '', marks[status] ?? ''].filter(Boolean);
    return (person(member)?.nickname ?? name) + (notes.length > 0 ? `(${notes.join(',')})` : '');
  });
  const bar = el('progress', {
    max: capacity,
    value: confirmed + held,
    'aria-label': `${activity.name}报了${confirmed}人,共${capacity}个名额`,
  });
  return el(
    'li',
    {},
    titled(
      activity.name,
      how === 'cancelled'
        ? el('span', { className: 'tag open', text: '取消了' })
        : el('span', {
            className: 'tag',
            text: `${confirmed}/${capacity}人${waitlisted > 0 ? ` 候补${waitlisted}` : ''}`,
          }),
    ),
    how === 'cancelled' ? null : bar,
    el('small', { text: starts.text }),
    who.length > 0 ? el('small', { text: who.join('、') }) : null,
  );
}

function ticketRow({ ticket, by, text, category, status, handler, due, rating, mergedInto, photos }) {
  const tag = el('span', {
    className: `tag ${ended.includes(status) ? 'done' : 'open'}`,
    text: progress[status] ?? status,
  });
  const about = [
    category,
    `${names([by])}反映`,
    photos > 0 ? `${photos}张照片` : '',
    mergedInto === null ? '' : `并入${mergedInto}`,
    handler === null || ended.includes(status) ? '' : `${names([handler])}办,${due.text}前`,
    rating === null ? '' : `评价${rating}分`,
  ];
  return el(
    'li',
    {},
    titled(ticket, tag),
    el('div', { text }),
    el('small', { text: about.filter(Boolean).join(' · ') }),
  );
}

const sayingRow = (line, at) =>
  el('li', {}, el('div', { text: line.text.split('\n')[0] }), el('small', { text: `→ ${whom(line.to)} · ${at}` }));

function drawVillage() {
  const { reminders, signUps, tickets, outbox } = state;
  const moment = instant();
  list(
    'reminders',
    reminders.map(({ activity, kind, due, to }) =>
      el(
        'li',
        {},
        titled(activity.name, el('span', { className: 'tag', text: doings[kind] ?? kind })),
        el('small', { text: `${due.text} → ${names(to)}` }),
      ),
    ),
    '没有。报了名就有:前一天、前两小时。',
  );
  counted('reminders', reminders.length);
  const coming = signUps.filter(({ starts, people }) => Date.parse(starts.at) > moment || people.length > 0);
  list('sign-ups', coming.map(activityRow), '没有活动。');
  counted('sign-ups', coming.length);
  list('tickets', tickets.slice(0, 30).map(ticketRow), '没有。发“反馈”加一句话就有。');
  counted('tickets', tickets.length);
  list(
    'waiting',
    outbox.waiting.map((line) =>
      sayingRow(line, `${line.notBefore.text}${line.state === 'queued' ? '' : ' · 没发成'}`),
    ),
    '没有。',
  );
  counted('waiting', outbox.waiting.length);
  list(
    'said',
    outbox.said.slice(0, 8).map((line) => sayingRow(line, `${dayOf(line.sentAt)} ${timeOf(line.sentAt)}`)),
    '还没有。',
  );
  drawNext();
}

/** The next instant at which something will be said. */
function nextDue() {
  const waiting = state.outbox.waiting.filter((line) => line.state === 'queued').map((line) => line.notBefore);
  return [...state.reminders.map(({ due }) => due), ...waiting]
    .filter(({ at }) => Date.parse(at) > instant())
    .sort((a, b) => a.at.localeCompare(b.at))[0];
}

function drawNext() {
  const due = nextDue();
  $('next').disabled = due === undefined || state.clock.playing;
  if (due === undefined) $('next').textContent = '没有等着发的';
  else $('next').replaceChildren('拨到下一个提醒', el('small', { text: due.text }));
  for (const button of document.querySelectorAll('.jumps button, .to button')) button.disabled = state.clock.playing;
}

function setClock(clock) {
  now = { at: Date.parse(clock.now), since: performance.now(), runs: !clock.playing };
  if (state !== null) state.clock = clock;
  $('day').textContent = clock.day;
  if (document.activeElement !== $('when')) $('when').value = localOf(now.at + 3_600_000);
  tick();
}

function tick() {
  $('time').textContent = timeOf(instant());
}
setInterval(tick, 1000);

async function move(to) {
  const box = $('meanwhile');
  box.replaceChildren('正在拨…');
  try {
    const { said } = await call('/clock', { to: new Date(to).toISOString() });
    const shown = said
      .slice(-6)
      .map(({ chat: where, text }) =>
        el(
          'li',
          {},
          el('div', { text: text.replaceAll('\u2005', ' ') }),
          el('small', { text: `→ ${chatName(where)}` }),
        ),
      );
    const words = said.length === 0 ? '这段时间没有要说的。' : `这段时间${state.bot}说了${said.length}句:`;
    box.replaceChildren(el('p', { text: words }), el('ul', {}, ...shown));
    await refresh();
  } catch (fault) {
    box.replaceChildren(el('p', { text: fault.message }));
  }
}

$('next').addEventListener('click', () => {
  const due = nextDue();
  if (due !== undefined) void move(due.at);
});
for (const button of document.querySelectorAll('.jumps button')) {
  button.addEventListener('click', () => {
    const { minutes, morning } = button.dataset;
    if (morning === undefined) void move(instant() + Number(minutes) * 60_000);
    else void move(`${localOf(instant() + 86_400_000).slice(0, 10)}T08:00:00+08:00`);
  });
}
$('to').addEventListener('submit', (event) => {
  event.preventDefault();
  void move(`${$('when').value}:00+08:00`);
});

/* ---- what comes in ---- */

let planned = null;
function later() {
  planned ??= setTimeout(() => {
    planned = null;
    void refresh();
  }, 250);
}

async function refresh() {
  try {
    state = await call('/state');
  } catch (fault) {
    tell(fault.message, true);
    return;
  }
  setClock(state.clock);
  $('village').textContent = `${state.village ?? ''} · 模拟微信`;
  drawVillage();
}

let waiting = null;
function soon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    draw();
  }, 10);
}

function watch() {
  const events = new EventSource(`${api}/events?after=0`);
  events.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    const known = messages.get(message.chat) ?? [];
    if ((known.at(-1)?.seq ?? 0) >= message.seq) return;
    messages.set(message.chat, [...known, message]);
    if (message.recalls !== null) recalled.set(message.recalls, true);
    if (!now.runs && Date.parse(message.at) > now.at) now.at = Date.parse(message.at);
    soon();
    later();
  });
  events.addEventListener('clock', ({ data }) => {
    setClock(JSON.parse(data));
    later();
  });
  events.addEventListener('reset', () => {
    messages.clear();
    recalled.clear();
    seen.clear();
    drawn = { chat: '', me: '', last: 0, at: '' };
  });
  events.addEventListener('open', () => {
    if ($('status').dataset.lost === 'yes') tell('');
    delete $('status').dataset.lost;
    later();
  });
  events.addEventListener('error', () => {
    $('status').dataset.lost = 'yes';
    tell('连接断了,正在重连…', true);
  });
}

await refresh();
if (state !== null) {
  opened = state.last;
  become(person(me) === undefined ? state.first.from : me);
  watch();
}
addEventListener('hashchange', () => {
  const id = location.hash.slice(1);
  if (id !== me && person(id) !== undefined) become(id);
});

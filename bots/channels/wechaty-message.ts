import { types } from 'wechaty-puppet';
import type { payloads } from 'wechaty-puppet';
import { mentionsName } from '../understanding/mention.ts';
import type { Attachment, InboundMessage } from './channel.ts';

/** What the reader asks the puppet for. None may throw: an unknown name is an empty one. */
export interface Names {
  readonly bot: { readonly id: string; readonly name: string };
  /** 群名. */
  topic(room: string): Promise<string>;
  /** The alias in that room (群昵称), else the nickname. */
  nameIn(room: string | null, contact: string): Promise<string>;
}

/** A message that the account itself said, seen coming back. */
export interface OwnMessage {
  readonly own: true;
  readonly id: string;
  readonly to: { readonly room: string } | { readonly contact: string };
  readonly text: string;
}

const Kind = types.Message;
type Read = (id: string) => Promise<Uint8Array>;

const attachments: ReadonlyMap<number, { kind: Attachment['kind']; ending: string }> = new Map([
  [Kind.Image, { kind: 'image', ending: '.jpg' }],
  [Kind.Audio, { kind: 'voice', ending: '.sil' }],
  [Kind.Emoticon, { kind: 'sticker', ending: '.gif' }],
  [Kind.Video, { kind: 'video', ending: '.mp4' }],
  [Kind.Attachment, { kind: 'file', ending: '' }],
  // Cards, places and links can't be read either; whoever sends one directly should hear so.
  ...[Kind.Contact, Kind.ChatHistory, Kind.Location, Kind.MiniProgram, Kind.Url, Kind.RedEnvelope, Kind.Transfer].map(
    (type) => [type, { kind: 'file', ending: '' }] as const,
  ),
]);

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (xml: string): string =>
  xml
    .replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1')
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => signOf(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (_, number: string) => signOf(Number(number)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
const signOf = (point: number): string => (point <= 0x10ffff ? String.fromCodePoint(point) : '');
const element = (xml: string, name: string): string | null => {
  const found = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return found === undefined ? null : plain(found.trim());
};

/** The text of a native 接龙: an app message of type 53 whose title holds it. Null for anything else. */
export function chainText(type: number, text: string): string | null {
  if (text.trimStart().startsWith('<')) return element(text, 'type') === '53' ? element(text, 'title') : null;
  return type === Kind.GroupNote ? text : null;
}

/** The id of the message that was taken back: plain, or within the system message's XML. */
export function recalledId(text: string): string | null {
  const id = text.trim().startsWith('<') ? (element(text, 'newmsgid') ?? element(text, 'msgid')) : text.trim();
  return id === null || id === '' ? null : id;
}

/** Puppets give seconds or milliseconds. */
export const sentAt = (timestamp: number): Date => new Date(timestamp < 1e11 ? timestamp * 1000 : timestamp);

/** Puppets fill in everybody for 所有人: that calls nobody in particular. */
const forAll = /[@＠](?:所有人|all(?![a-z]))/iu;

async function mention(
  payload: payloads.Message,
  text: string,
  names: Names,
): Promise<Pick<InboundMessage, 'mentionsBot' | 'text'>> {
  const room = payload.roomId;
  if (room === undefined || room === '') return { mentionsBot: false, text };
  const listed = 'mentionIdList' in payload && payload.mentionIdList?.includes(names.bot.id) === true;
  if (!/[@＠]/u.test(text)) return { mentionsBot: listed, text };
  const { name } = names.bot;
  const alias = await names.nameIn(room, names.bot.id);
  // Whoever reads the text knows one name of the bot only.
  const said = mentionsName(text, alias) && !mentionsName(text, name) ? text.replace(alias, name) : text;
  return { mentionsBot: mentionsName(said, name) || (listed && !forAll.test(said)), text: said };
}

/**
 * A puppet's message in the channel's terms: an own one as such, null for what nobody said (notes of the
 * system, unknown kinds) and for messages without a chat.
 */
export async function readMessage(
  channel: string,
  payload: payloads.Message,
  names: Names,
  read: Read,
): Promise<InboundMessage | OwnMessage | null> {
  const room = payload.roomId === undefined || payload.roomId === '' ? null : payload.roomId;
  const raw = payload.text ?? '';
  if (payload.talkerId === names.bot.id) {
    const listener = payload.listenerId;
    if (room === null && (listener === undefined || listener === '')) return null;
    return { own: true, id: payload.id, to: room === null ? { contact: listener ?? '' } : { room }, text: raw };
  }
  if (payload.talkerId === '') return null;

  const attached = attachments.get(payload.type);
  const chain = chainText(payload.type, raw);
  const recalls = payload.type === Kind.Recalled ? recalledId(raw) : null;
  if (payload.type !== Kind.Text && chain === null && recalls === null && attached === undefined) return null;

  const words = chain ?? (payload.type === Kind.Text ? raw : '');
  const [topic, name, called] = await Promise.all([
    room === null ? '' : names.topic(room),
    names.nameIn(room, payload.talkerId),
    mention(payload, words, names),
  ]);
  return {
    id: payload.id,
    channel,
    room: room === null ? null : { id: room, topic },
    sender: { id: payload.talkerId, name },
    mentionsBot: called.mentionsBot,
    text: called.text,
    attachments:
      attached === undefined || chain !== null
        ? []
        : [
            {
              kind: attached.kind,
              name: payload.filename ?? `${payload.id}${attached.ending}`,
              read: () => read(payload.id),
            },
          ],
    recalls,
    sentAt: sentAt(payload.timestamp),
  };
}

import type { Middleware } from 'koa';

/** The one page that is needed before there is any account. The token stands behind `#`: no server log sees it. */
const html = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>村口 · 开通登录</title>
<link rel="stylesheet" href="/setup.css">
<main>
<h1>开通登录</h1>
<p id="why">设好登录名和密码,以后用它登录。这个链接只能用一次。</p>
<form id="form">
<label>登录名<input name="name" autocomplete="username" maxlength="30"></label>
<label>密码(至少10个字,越长越好)<input name="password" type="password" autocomplete="new-password" minlength="10" maxlength="128" required></label>
<label>再写一遍密码<input name="again" type="password" autocomplete="new-password" required></label>
<details><summary>我在村民名册里有编号</summary><label>编号<input name="member" maxlength="40"></label></details>
<button>开通</button>
</form>
<p id="said" role="status"></p>
</main>
<script src="/setup.js"></script>
</html>
`;

const css = `body{margin:0;font:18px/1.6 system-ui,sans-serif;color:#1c2b22;background:#f4f6f2}
main{max-width:26em;margin:8vh auto;padding:1.5em;background:#fff;border-radius:12px}
h1{font-size:1.4em;margin:0 0 .5em}
label{display:block;margin:.8em 0}
input{display:block;box-sizing:border-box;width:100%;font:inherit;padding:.5em;border:1px solid #8a978f;border-radius:8px}
button{font:inherit;width:100%;min-height:48px;margin-top:1em;border:0;border-radius:8px;background:#1f6b3a;color:#fff}
#said{font-weight:600}
`;

const script = `const form = document.getElementById('form');
const said = document.getElementById('said');
const token = new URLSearchParams(location.hash.slice(1) || location.search).get('token') ?? '';
if (token === '') said.textContent = '链接不完整,请把整条链接复制过来。';
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  if (data.get('password') !== data.get('again')) { said.textContent = '两遍密码不一样。'; return; }
  const body = { token, password: data.get('password') };
  for (const key of ['name', 'member']) if (data.get(key)) body[key] = data.get(key);
  said.textContent = '正在开通……';
  try {
    const answer = await fetch('/api/v1/setup', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) { said.textContent = told.title; return; }
    form.remove();
    document.getElementById('why').remove();
    history.replaceState(null, '', location.pathname);
    said.textContent = '开通好了。登录名是 ' + told.name + '。';
  } catch { said.textContent = '没有连上,请再试一次。'; }
});
`;

const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/setup': ['text/html; charset=utf-8', html],
  '/setup.css': ['text/css; charset=utf-8', css],
  '/setup.js': ['text/javascript; charset=utf-8', script],
};

/** The page with its token, behind the service's address. */
export function setUpPath(token: string): string {
  return `/setup#token=${token}`;
}

export const setUpPage: Middleware = (ctx, next) => {
  const file = ['GET', 'HEAD'].includes(ctx.method) && Object.hasOwn(files, ctx.path) ? files[ctx.path] : undefined;
  if (file === undefined) return next();
  const [type, text] = file;
  ctx.set('Cache-Control', 'no-store');
  ctx.type = type;
  ctx.body = text;
  return undefined;
};

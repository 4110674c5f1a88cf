type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** How long somebody must wait, in words. */
function waiting(seconds: unknown): string {
  const wait = typeof seconds === 'number' ? seconds : 60;
  return wait < 60 ? `${wait}秒` : `${Math.ceil(wait / 60)}分钟`;
}

/** What signing in and the interface refuse, for the people in front of a screen. */
export const faults: Readonly<Record<string, (facts: Facts) => string>> = {
  'staff.sign-in': () => '登录名或密码不对。',
  'staff.wait': ({ seconds }) => `错的次数多了,请${waiting(seconds)}后再试。`,
  'staff.busy': () => '登录的人太多,请过一会儿再试。',
  'staff.password-wrong': () => '现在的密码不对。',
  'staff.password-short': ({ least }) => `密码至少要${least}个字。`,
  'staff.password-long': ({ most }) => `密码最多${most}个字。`,
  'staff.name': () => '登录名要2到30个字,只用汉字、字母、数字、点、横线和下划线。',
  'staff.name-taken': () => '这个登录名有人用了,请换一个。',
  'staff.link-unknown': () => '没有这个链接,请核对。',
  'staff.link-used': () => '这个链接用过了。',
  'staff.link-expired': () => '这个链接过期了。',
  'staff.not-found': () => '没有这个登录名。',
  'staff.last-admin': () => '这是最后一个管理员,不能关。',
  'http.signed-out': () => '请先登录。',
  'http.csrf': () => '页面过期了,请刷新再试。',
  'http.origin': () => '这个请求不是从本网站发出的。',
  'http.wrong-input': () => '填写的内容不对,请看标出的地方。',
  'http.malformed': () => '请求的内容读不懂。',
  'http.media-type': () => '只收 JSON。',
  'http.too-large': () => '内容太大了。',
  'http.not-acceptable': () => '给不出所要的格式。',
  'http.not-found': () => '没有这个地址。',
  'http.method': () => '这个地址不支持这种操作。',
  'http.cursor': () => '翻页的位置不对,请从头再看。',
  'http.no-channel': () => '现在没有连上微信,看不到群里有谁。',
  'http.no-photo': () => '没有这张图片。',
  'registry.faults': ({ count }) => `表格有${count}处不对,什么都没有导入。`,
  'registry.unreadable': () => '文件的编码不对,要 base64。',
  'messages.not-found': () => '没有这条消息。',
  'messages.not-blocked': () => '机器人的微信号没有被停用。',
  'messages.decided': () => '这条消息已经有人处理了。',
};

type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** What the simulator refuses, for whoever tries the bot. */
export const faults: Readonly<Record<string, (facts: Facts) => string>> = {
  'simulator.person-unknown': () => '没有这个人。',
  'simulator.room-unknown': () => '没有这个群。',
  'simulator.chat-unknown': () => '没有这个对话。',
  'simulator.not-in-room': () => '这个人不在这个群里。',
  'simulator.message-unknown': () => '在这里没有发过这条消息。',
  'simulator.recalled': () => '这条消息已经撤回了。',
  'simulator.playing': () => '早上的事还没演完,等一会儿再拨钟。',
  'simulator.clock-backwards': () => '时间只能往前拨。',
  'simulator.clock-too-far': ({ days }) => `一次最多往前拨${days}天。`,
  'simulator.busy': () => '看的人太多,请过一会儿再试。',
  'upload.empty': () => '图片是空的。',
  'upload.too-large': () => '图片太大了。',
  'upload.not-image': () => '这不是图片,请发 JPG、PNG、WebP 或 GIF。',
};

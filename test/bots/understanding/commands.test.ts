import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../bots/understanding/commands.ts';
import { normaliseDigits } from '../../../src/shared/numerals.ts';

const read = (text: string) => parseCommand(normaliseDigits(text));

describe('exact commands', () => {
  it.each([
    ['菜单', 'help', {}],
    ['帮助。', 'help', {}],
    ['活动', 'activity.list', {}],
    ['报名', 'activity.signup', {}],
    ['报名３', 'activity.signup', { ordinal: 3 }],
    ['报名 2', 'activity.signup', { ordinal: 2 }],
    ['报名四', 'activity.signup', { ordinal: 4 }],
    ['报名 敬老理发', 'activity.signup', { ref: '敬老理发' }],
    ['报名敬老理发', 'activity.signup', { ref: '敬老理发', joined: true }],
    ['报名敬老理发 ２人', 'activity.signup', { ref: '敬老理发', joined: true, people: 2 }],
    ['报名敬老理发 两人', 'activity.signup', { ref: '敬老理发', joined: true, people: 2 }],
    ['报名 敬老理发 3人', 'activity.signup', { ref: '敬老理发', people: 3 }],
    ['报名 独居老人探访 二人', 'activity.signup', { ref: '独居老人探访', people: 2 }],
    ['报名 村史故事会 给我妈', 'activity.signup', { ref: '村史故事会', forWhom: '我妈' }],
    ['报名 帮扶结对', 'activity.signup', { forWhom: '扶结对', whole: '帮扶结对' }],
    ['报名 2人 给我妈', 'activity.signup', { people: 2, forWhom: '我妈', whole: '给我妈' }],
    [
      '报名院坝会2人 我跟老婆子',
      'activity.signup',
      { ref: '院坝会', joined: true, people: 2, companions: '我跟老婆子' },
    ],
    ['取消报名', 'activity.cancel', {}],
    ['取消报名１', 'activity.cancel', { ordinal: 1 }],
    ['取消报名 农技培训', 'activity.cancel', { ref: '农技培训' }],
    ['我的报名', 'activity.mine', {}],
    ['签到 七四三一', 'activity.checkin', { code: '7431' }],
    ['签到７４１３', 'activity.checkin', { code: '7413' }],
    ['绑定５０７３１８', 'account.bind', { code: '507318' }],
    ['要', 'activity.offer', { yes: true }],
    ['不要', 'activity.offer', { yes: false }],
    ['反馈 路灯坏了', 'feedback.submit', { text: '路灯坏了' }],
    ['反馈：三组坎下路灯黑起的', 'feedback.submit', { text: '三组坎下路灯黑起的' }],
    ['反馈\n四组晒谷坝边', 'feedback.submit', { text: '四组晒谷坝边' }],
    ['进度 FK0315', 'feedback.status', { ticket: '315' }],
    ['进度', 'feedback.status', {}],
    ['评价FK0003 １', 'feedback.rate', { ticket: '3', score: 1 }],
    ['评价 12 5', 'feedback.rate', { ticket: '12', score: 5 }],
    ['评价 5', 'feedback.rate', { score: 5 }],
    ['网格员', 'grid.contact', {}],
    ['通知', 'notice.list', {}],
    ['通知 TZ12', 'notice.reach', { notice: '12' }],
    ['停发 TZ12', 'notice.cancel', { notice: '12' }],
    ['受理 FK0312', 'feedback.accept', { ticket: '312', note: '' }],
    ['发绑定码 李芳', 'account.issue', { name: '李芳' }],
    [
      '发通知\n标题:停水\n内容:看到请回收到',
      'notice.draft',
      { urgent: false, fields: { 标题: '停水', 内容: '看到请回收到' } },
    ],
    ['退订', 'subscription.stop', {}],
    ['收到👍', 'notice.ack', { text: '收到👍' }],
    ['三组徐哥收到', 'notice.ack', { text: '三组徐哥收到' }],
    ['审核 TZ12 通过', 'notice.review', { notice: '12', approve: true }],
    ['审核 TZ12 退回 时间不对', 'notice.review', { notice: '12', approve: false, reason: '时间不对' }],
    ['办结 FK0312 换了灯泡', 'feedback.resolve', { ticket: '312', note: '换了灯泡' }],
    ['延期 FK0312 3天 等材料', 'feedback.extend', { ticket: '312', days: 3, reason: '等材料' }],
    ['点名 桂花园除草 1,3,5-8', 'activity.rollcall', { ref: '桂花园除草', rest: '1,3,5-8' }],
    [
      '发通知加急\n标题:大风\n内容:关好门窗',
      'notice.draft',
      { urgent: true, fields: { 标题: '大风', 内容: '关好门窗' } },
    ],
  ])('reads %j', (text, verb, slots) => {
    expect(read(text)).toEqual({ verb, slots });
  });

  it.each([
    '报告书记',
    '活动板房运来了 车子莫停坎下哈',
    '活动活动筋骨',
    '政策好 人长寿',
    '政策好嘛 水池都有人来洗了',
    '评价好的都是刷出来的 莫信',
    '评价好才敢买',
    '反馈表哪个还没交 老师在群头催了',
    '退订回T 天天收这种短信 烦得很',
    '撤销了嘛 那个收费站 现在过路不要钱',
    '帮助别个就是帮助自己 这篇文章写得好',
    '绑定银行卡的都小心点 有骗子打电话',
    '签到领鸡蛋那家是卖保健品的 莫去',
    '要 给我留两窝',
    '要得 下午三点老地方',
    '通知书下来了 幺儿考起辅警了🎉',
    '取消了 今晚的坝坝舞不跳了 音响烧了',
    '3人斗地主 差一个',
    '',
  ])('leaves %j to the neighbours', (text) => {
    expect(read(text)).toBeNull();
  });

  it('hands on what was joined to the word, for the skill to hold against what is open', () => {
    expect(read('报名费好多哦 我说驾校那个')?.slots).toMatchObject({ joined: true });
  });
});

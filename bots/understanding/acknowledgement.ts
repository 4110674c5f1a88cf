import { stripEmoji } from '../../src/shared/text.ts';

/**
 * What a message says about having read a notice.
 * plain: 收到 alone, or with a name, a courtesy, an emoji, or words that name the notice. Counts anywhere.
 * addressed: 晓得了, 要得, or 收到 with more to it. Counts only where the bot is meant: a mention, a direct chat.
 * none: anything else, above all 收到 of a thing (快递, 鸡蛋, 红包).
 */
export type Acknowledgement = 'plain' | 'addressed' | 'none';

export const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万严覃武莫孔向汤游柏文冉牟蒲聂';
const kin =
  '(?:大爷|大娘|大伯|大叔|大婶|大哥|大姐|老师|师傅|嬢嬢|孃孃|婆婆|嫂子|哥|姐|叔|伯|爷|婆|嬢|孃|婶|嫂|妹|弟|娃|妈|爸)';
const office = '(?:书记|支书|主任|村长|村主任|会计|网格员|网格长|组长|队长|领导|干部|社工|医生|同志|小溪|大家|各位)';
const group = '(?:第?[一二三四五六七八九十\\d]{1,3}(?:组|社|队|村)(?:村民|的)?|本组|\\d{1,4}号|[Hh]\\d{1,4})';
/** A full name of three; two signs may as well be 黄瓜 or 文件, so those are left to `names`. */
const name = `(?:[${surnames}][\\u4e00-\\u9fff](?![种秧粉菜瓜豆薯袋箱肥料钱款单证表卡券票油米面蛋肉药子])[\\u4e00-\\u9fff])`;
/** Who lets know that they have read it. */
const self = `(?:我们?|咱们?|全家|全体|家家户户|都)?(?:家|屋头|组|这边|几爷子|两口子)?`;
const who = `(?:(?:代|帮|替)我?(?:屋头)?${kin}|(?:代|帮|替)?(?:${group})?(?:${self}|${name}(?:家|屋头)?|[老小幺]?[${surnames}]?${kin}|[老小][${surnames}]|${office}|[${surnames}]${office})?)`;
/** After 收到 without a space only what can't be a thing. */
const signed = `(?:${group}(?:${name}|[老小幺]?[${surnames}]?${kin})?|${office}|[${surnames}]${office})`;
const named = '(?:这个|这条|你们?的|您的|村上的?|群里的?|公告|紧急)*(?:通知|消息|信息|提醒|公告)';
const particle = '(?:[了啦咯喽罗啰哈嘛哦喔啊呀嘞哒噢嗯呢哟的]|起了|哈子)*';
/** No sign stands both in a word and in what may follow it, so that matching stays linear. */
const yes = '(?:(?:好[的嘞勒]?|嗯|哦|噢|喔|okay|ok|要得|行|可以|没问题|是|对)[了啦哈嘛啊呀]*)';
const thanks = `(?:谢谢|谢了|多谢|感谢|辛苦|麻烦|劳烦|劳慰|难为|费心|关心|提醒|通知)`;

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'iu');
const received = `${yes}*(?:${named})?(?:都|已|已经|全部|也)*(?:收到|收倒)`;
const parts = {
  /** 三组徐哥收到, 好的收到了, 通知收到, 收到谢谢书记 */
  strong: whole(`${who}${received}(?:${received})*${particle}(?:${named}${particle})?(?:${signed})?`),
  /** 晓得了, 通知看到了, 要得 */
  weak: whole(
    `${yes}*(?:我们?|都|也|已经?)*(?:晓得|知道|看到|看见|看了|明白|清楚|了解|记住|记到|记倒|要得)${particle}(?:(?:晓得|知道|看到|明白|要得)${particle})*(?:${office}|${name})?`,
  ),
  weakNamed: whole(`${yes}*${named}(?:我们?|都|也|已经?)*(?:晓得|知道|看到|看见|看了|看完|明白|了解)${particle}`),
  assent: whole(`${yes}+`),
  signature: whole(`(?:我是)?(?:${group})?(?:${name}|[老小][${surnames}]|[${surnames}]${kin})|${group}`),
  passedOn: whole(`(?:我们?)?(?:已经?|会|马上|就|去)*(?:转告|转达|转发|通知到|告诉)[^收]{0,8}`),
} as const;
/** 谢谢书记, 辛苦各位了: read word by word, since 谢 is a surname too and a pattern would try every split. */
const courtesyBegins = new RegExp(`^${thanks}`, 'u');
const courtesyWord = new RegExp(
  `${thanks}|您|你们?|大家|一下|[${surnames}]?${office}|${name}|[老小]?[${surnames}]${kin}|[老小][${surnames}]|[了啦咯哈嘛哦啊呀嘞哒的]`,
  'uy',
);
function isCourtesy(part: string): boolean {
  if (!courtesyBegins.test(part)) return false;
  for (let at = 0; at < part.length; at = courtesyWord.lastIndex) {
    courtesyWord.lastIndex = at;
    if (!courtesyWord.test(part)) return false;
  }
  return true;
}
const officer = new RegExp(office, 'u');
/** 收到没, 没收到, 收到请回复, 哪个收到了: asks, denies or calls for it. */
const otherwise = /没|未|不|吗|么|\?|哪个|谁|请|麻烦.*收到|回复|回个|回“|回"|要是|如果|等|再|才|还|刚刚?收到|收到的/u;
const mention = /@[^\s\u2005]+[\s\u2005]?/gu;
const breaks = /[\s\u2005,,.。!!~~、;;::…·\-—_()()"“”'‘’^*]+/u;

/**
 * Reads an acknowledgement out of a whole message. `names`: how the sender is called (name, nickname),
 * so that an unusual nickname beside 收到 is known to be a name.
 */
export function readAcknowledgement(text: string, names: readonly string[] = []): Acknowledgement {
  let plain = stripEmoji(text.normalize('NFKC').replace(mention, ' '));
  for (const one of names) if (one.length > 1) plain = plain.replaceAll(one, ' ');
  const said = plain.split(breaks).filter((part) => part !== '');
  if (said.length === 0 || text.length > 60) return 'none';
  if (said.some((part) => /收到|收倒/u.test(part) && otherwise.test(part)) || /[?？]/u.test(text)) return 'none';
  const is = (kind: keyof typeof parts | 'courtesy', part: string): boolean =>
    kind === 'courtesy' ? isCourtesy(part) : parts[kind].test(part);
  const strong = said.filter((part) => is('strong', part));
  if (strong.length > 0) {
    const rest = said.filter((part) => !strong.includes(part));
    const known = rest.every((part) =>
      (['weak', 'weakNamed', 'assent', 'courtesy', 'signature', 'passedOn'] as const).some((kind) => is(kind, part)),
    );
    if (known) return 'plain';
    return rest.some((part) => /收到|收倒/u.test(part)) ? 'none' : 'addressed';
  }
  const glued = /^(?<head>.*(?:收到|收倒).*?)(?<tail>(?:谢谢|多谢|感谢|辛苦|麻烦).*)$/u.exec(said.join(''));
  if (glued?.groups !== undefined && said.length === 1) {
    const { head = '', tail = '' } = glued.groups;
    return is('strong', head) && is('courtesy', tail) ? 'plain' : 'none';
  }
  if (said.some((part) => is('weakNamed', part))) return 'plain';
  const all = said.every((part) => (['weak', 'assent', 'courtesy'] as const).some((kind) => is(kind, part)));
  if (!all || !said.some((part) => is('weak', part))) return 'none';
  return said.some((part) => is('courtesy', part) && officer.test(part)) ? 'plain' : 'addressed';
}

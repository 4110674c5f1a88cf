import { surnames } from './acknowledgement.ts';

/** strong: looks like a name or a form of address; weak: may be a nickname; null: isn't one. */
export type Likeness = 'strong' | 'weak' | null;

const titles =
  '(?:大爷|大娘|大伯|大叔|大婶|大哥|大姐|老师|师傅|嬢嬢|婆婆|公公|爷爷|奶奶|嫂子|[二三四幺]嫂|[二三四五幺]哥|[二三四五幺]姐|幺妹|幺爸|幺叔|表叔|表哥|表姐|书记|支书|主任|村长|会计|组长|队长|医生|老板|老表|哥|姐|叔|伯|爷|婆|嬢|婶|嫂|妹儿?|弟|娃儿?|妈|爸|姨|舅|姑)';
const han = '\\p{Script=Han}';
const address = new RegExp(`^(?:[老小阿幺大]?${han}{1,3}?)${titles}$`, 'u');
const short = new RegExp(
  `^[小老阿]${han}$|^[大二三四五六幺老小]${han}?(?:娃儿?|妹儿?|哥|姐|嫂|爷|婆|嬢)$|^${han}{2,3}(?:同志|女士|先生)$`,
  'u',
);
const fullName = new RegExp(`^(?:[${surnames}]|欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙)${han}{1,2}$`, 'u');
const doubled = new RegExp(`^(${han})\\1$`, 'u');

/** Begin like a surname and are none. */
const words =
  /^(?:马[上路]|高[兴温高山考]|何[时必况]|任[何务]|许[多可]|曾经|田[坎里头间]|余[下款]|金[额银钱]|石[头榴子]|夏[天季]|方[便案向式法]|白[天菜酒糖]|江边|龙头|毛[巾桃]|万[一事分]|严[禁格]|莫|向|游|文[明具件化]|武|于是|谢|钟头|黄[瓜豆牛桷]|周[一二三四五六日末天边围]|雷[雨电]|孔|汤|陆续|程序|史|段|顾|贺|成|温馨|全[部体]|安[全排]|大家|各位|家[里人属]|屋[头里]|老[小少]|大[人小]|小孩|娃儿?|小[心时雨]|老[样地板规]|路上)/u;
const hard =
  /[的了吗嘛呢吧哦呀啊哈没不别莫去带穿是该请等看讲问做搞把被让就都还再又很太这那哪啥咋怎几谁点号到收谢得]|[要在能会](?!$)/u;
const soft =
  /[的了吗嘛呢吧啊哦哈呀没不别莫要去带穿是在有会能想该请等看讲问做搞给把被让从向对就都还再又很太最这那哪啥咋怎几谁何时间点号月日周期今昨早晚午雨晴热冷行可以收到谢辛苦支持同意晓知道注集合免费报接龙通截停满额准止卫责具饭元块斤份件]|活动|自愿|名单|名额|加油|要得|来|走|结束|暂停|无|空缺|空位|安全|大家|各位|家[里人属]|屋[头里]|老[小少]|大[人小]|小孩|娃儿?|以上|以下|加入|待定|继续|下面|明天|今天|后天/u;
const latin = /^[A-Za-z][A-Za-z. ]{1,11}$/u;

/** Whether a word that the registry doesn't know may name somebody. */
export function likeness(word: string): Likeness {
  if (latin.test(word)) return /^(?:x{0,4}[sml]|ok|yes|no|hi)$/iu.test(word) ? null : 'weak';
  if (!/^[\p{Script=Han}·]{2,7}$/u.test(word) || words.test(word)) return null;
  const strong = fullName.test(word) || address.test(word) || short.test(word) || doubled.test(word);
  if (strong && !hard.test(word)) return 'strong';
  return word.length <= 6 && !soft.test(word) ? 'weak' : null;
}

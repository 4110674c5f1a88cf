import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerChain, chainOf, readChain, type ChainState } from '../../../bots/understanding/jielong.ts';
import { calls, peopleOf } from '../../support/read-chains.ts';

const people = peopleOf('一组');
const open = calls.filter(({ activity }) => activity === 'A1');
const head = '#接龙\n桂花园除草\n';
const read = (state: ChainState | null, from: string, text: string): ReturnType<typeof readChain> =>
  readChain(state, open, people, { from, text });

const names = people.filter(({ id }) => id !== 'M0073').map(({ id, name }) => ({ id, name }));
const counts = ['', ' 2人', '+1', ' 带1个娃儿', ' 两口子', '（3人）'];
/** Lines of different people, each with the person who writes it. */
const lines = fc
  .uniqueArray(fc.record({ who: fc.constantFrom(...names), count: fc.constantFrom(...counts) }), {
    selector: ({ who }) => who.id,
    minLength: 1,
    maxLength: 8,
  })
  .map((all) => all.map(({ who, count }) => ({ from: who.id, text: `${who.name}${count}` })));

type Bullet = (n: number) => string;
const bullets = fc.constantFrom<Bullet>(
  (n) => `${n}. `,
  (n) => `${n}、`,
  (n) => `${n}) `,
  (n) => `(${n})`,
  (n) => `${'①②③④⑤⑥⑦⑧⑨'.charAt(n - 1)}`,
  (n) => `${n} `,
);
const spacing = fc.constantFrom(
  (text: string) => text,
  (text: string) => ` ${text}  `,
  (text: string) => [...text].join(' '),
  (text: string) => text.replace(/\d/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
);

const facts = (state: ChainState | null): string[] =>
  chainOf(state, 'A1')
    .entries.map(({ member, people: n, signedBy }) => `${member ?? ''} ${n} ${signedBy}`)
    .sort();

describe('the reader of a 接龙', () => {
  it('comes to the same entries whatever copies go round in between', () => {
    const copy = fc.record({ from: fc.nat(), upTo: fc.nat(), drop: fc.nat(), bullet: bullets, space: spacing });
    fc.assert(
      fc.property(lines, fc.array(copy, { maxLength: 6 }), bullets, (all, copies, bullet) => {
        const text = (part: readonly { text: string }[], mark: Bullet, space = (one: string): string => one): string =>
          `${head}${part.map((one, n) => `${mark(n + 1)}${space(one.text)}`).join('\n')}`;
        const plain = all.reduce<ChainState | null>(
          (state, { from }, n) =>
            read(
              state,
              from,
              text(all.slice(0, n + 1), (k) => `${k}. `),
            )?.state ?? state,
          null,
        );
        let state: ChainState | null = null;
        for (const [n, { from }] of all.entries()) {
          state = read(state, from, text(all.slice(0, n + 1), bullet))?.state ?? state;
          for (const one of copies) {
            const part = all.slice(0, (one.upTo % (n + 1)) + 1).filter((_, k) => k !== one.drop % 9);
            const by = all[one.from % all.length]?.from ?? from;
            state = read(state, by, text(part, one.bullet, one.space))?.state ?? state;
          }
        }
        expect(facts(state)).toEqual(facts(plain));
      }),
    );
  });

  it('says nothing the second time', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const text = `${head}${all.map((one, n) => `${n + 1}. ${one.text}`).join('\n')}`;
        const first = read(null, 'M0073', text);
        const again = read(first?.state ?? null, 'M0073', text);
        expect(again?.changes).toEqual([]);
        expect(again?.questions).toEqual([]);
        expect(again?.state).toEqual(first?.state);
      }),
    );
  });

  it('never throws, and its state is plain JSON', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '#接龙',
        '接龙',
        '\n',
        '1. ',
        '2、',
        '①',
        '周哥',
        '何俊杰',
        '我',
        '我妈',
        '老黄牛',
        '取消',
        '不来了',
      ),
      fc.constantFrom(
        '2人',
        '两口子',
        '改',
        '（',
        '）',
        '例',
        '「',
        '」',
        '：',
        '+',
        '带',
        '看情况',
        ' ',
        '、',
        '- - - - -',
        '看',
      ),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
    );
    const message = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('M0005', 'M0021', 'wx:1'), message), { maxLength: 5 }), (all) => {
        let state: ChainState | null = null;
        for (const [from, text] of all) state = read(state, from, text)?.state ?? state;
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        for (const { people: n } of chainOf(state, 'A1').entries) expect(n).toBeGreaterThan(0);
        if (state === null) return;
        for (const { key } of chainOf(state, 'A1').questions) {
          const settled = answerChain(state, 'A1', key, { yes: true, people: 2, choice: null });
          expect(chainOf(settled.state, 'A1').questions.map((one) => one.key)).not.toContain(key);
        }
      }),
    );
  });
});

describe('what it costs', () => {
  const spent = (text: string): number => {
    const start = process.cpuUsage();
    for (let n = 0; n < 3; n++) read(null, 'M0021', text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 3000;
  };
  const longer = (unit: (n: number) => string, length: number): string => {
    let text = head;
    for (let n = 1; text.length < length; n++) text += unit(n);
    return text;
  };

  it.each<[string, (n: number) => string]>([
    ['a list', (n) => `${n}. 李小${'甲乙丙丁'.charAt(n % 4)} 2人\n`],
    ['one line', () => '带2个娃儿和'],
    ['numbers', (n) => `${n}.`],
    ['spaces', () => ' '],
    ['brackets', () => '（「'],
    ['names', (n) => `${n}. ${people[n % people.length]?.name ?? ''}、我妈和老婆娃儿 可能2个\n`],
    ['colons', () => '周哥:'],
    ['dashes', () => '- '],
    ['characters', () => '家'],
  ])('grows with the length of a message: %s', (_, unit) => {
    const short = longer(unit, 4000);
    spent(short);
    expect(spent(longer(unit, 16_000))).toBeLessThan(Math.max(spent(short), 5) * 10);
  });

  it('keeps a state that does not grow with the messages', () => {
    let state: ChainState | null = null;
    const list = names.map(({ name }, n) => `${n + 1}. ${name}`).join('\n');
    for (let n = 0; n < 500; n++) {
      state =
        read(state, 'M0021', `${head}${list}\n${names.length + 1}. 何俊杰 ${(n % 40) + 1}人 第${n}次改了`)?.state ??
        state;
      state = read(state, 'M0021', `#接龙\n土鸡蛋 1块一个 第${n}次\n1. 何俊杰 ${n}个`)?.state ?? state;
    }
    expect(JSON.stringify(state).length).toBeLessThan(60_000);
    expect(chainOf(state, 'A1').entries).toHaveLength(names.length);
  });
});

/** Somebody registered in the grid of the room. `id`: the village's number; `born`: `YYYY-MM`. */
export interface ChainPerson {
  readonly id: string;
  readonly name: string;
  readonly nickname: string | null;
  readonly sex: '男' | '女' | null;
  readonly born: string | null;
  readonly household: string;
  readonly relation: string;
}

/** An activity whose call is open in the room. */
export interface ChainCall {
  readonly activity: string;
  readonly name: string;
  readonly kind: string;
  readonly garden: string | null;
  readonly startsAt: Date;
  readonly meet: string | null;
  readonly bring: readonly string[];
  readonly content: string | null;
}

/** Who is on the list. `key` never changes; `signedBy` is the person key of the first sender. */
export interface ChainEntry {
  readonly key: string;
  /** Null: a guest of the signer, or not known which of several. */
  readonly member: string | null;
  readonly name: string;
  /** Seats, companions included. */
  readonly people: number;
  readonly signedBy: string;
  /** False after a cancellation. */
  readonly live: boolean;
  /** Registered relatives of the household who are counted in `people`, where kinship points at exactly one. */
  readonly companions?: readonly string[];
}

/**
 * Something that only people can tell. who: which of `options` an entry is; how-many: its people; change:
 * somebody else wrote a new number (`people`) or a cancellation (`leaves`); tentative: comes perhaps.
 * `word`: who it is about, as written; `from`: whose message raised it.
 */
export interface ChainQuestion {
  readonly key: string;
  readonly kind: 'who' | 'how-many' | 'change' | 'tentative';
  readonly entry: string | null;
  readonly word: string;
  readonly options: readonly string[];
  readonly people?: number;
  readonly leaves?: boolean;
  readonly from: string;
}

/** What is remembered of one activity's chain. */
export interface Chain {
  /** Digests of the heads it was written under. */
  readonly heads: readonly string[];
  /** Digests of the lines that were read, oldest first, with how often they stood in one copy: `digest*2`. */
  readonly seen: readonly string[];
  readonly entries: readonly ChainEntry[];
  /** By entry: the numbers of people that were written for it so far. */
  readonly said: Readonly<Record<string, readonly number[]>>;
  readonly questions: readonly ChainQuestion[];
  /** Numbers given to entries and questions so far. */
  readonly last: number;
  /** The highest number on the list. */
  readonly length: number;
}

/** Plain JSON, one per room. Of what people wrote it keeps the names on the list, the rest only as digests. */
export interface ChainState {
  /** The activity whose chain was written last; null: one about another matter, or none yet. */
  readonly current: string | null;
  /** Chains about other matters: digests of their heads and lines; whether one of them was written last. */
  readonly foreign: { readonly heads: readonly string[]; readonly seen: readonly string[]; readonly current: boolean };
  readonly chains: Readonly<Record<string, Chain>>;
}

/** `from`: person key, a member id or `wx:…`. `at` helps with 今晚 and 明天. */
export interface ChainMessage {
  readonly from: string;
  readonly text: string;
  readonly at?: Date;
}

export type ChainChange =
  | { readonly kind: 'join'; readonly entry: ChainEntry }
  | { readonly kind: 'people'; readonly entry: ChainEntry; readonly was: number }
  | { readonly kind: 'leave'; readonly entry: ChainEntry }
  | { readonly kind: 'who'; readonly entry: ChainEntry; readonly was: ChainEntry };

/** `changes` in the order of the lines; `questions`: those that this message raised. */
export interface ChainReading {
  /** Null: a chain about another matter, which now is the current one. */
  readonly activity: string | null;
  readonly state: ChainState;
  readonly changes: readonly ChainChange[];
  readonly questions: readonly ChainQuestion[];
}

/** An option (member id; null: none of them), a number of people, or yes and no. */
export interface ChainAnswer {
  readonly choice?: string | null;
  readonly people?: number;
  readonly yes?: boolean;
}

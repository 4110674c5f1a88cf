import type { Connection, Model, Mongoose, SchemaDefinition } from 'mongoose';
import type { z } from 'zod';
import { fieldSchema, shapeOf } from './fields.ts';
import type { AnyDeclaration } from './port.ts';
import type { Waiting } from './rows.ts';
import type { Doc } from './values.ts';

/** A document as MongoDB keeps it: the events that wait stand in fields that are always there. */
export type StoredDoc = Doc & {
  emits: Waiting[];
  /** `never` while none waits, so that `$min` and the index can be used. */
  emitDue: Date;
  emitParked: boolean;
  /** Counts the changes of the three above. */
  emitSeq: number;
};

/** Later than any time: no event waits. */
export const never = new Date('9999-12-31T00:00:00Z');
export const noEvents = { emits: [] as Waiting[], emitDue: never, emitParked: false, emitSeq: 0 };

/** Index names begin so; others are the operator's own. */
export const indexPrefix = 'cunkou_';

const simple: Readonly<Record<string, typeof String | typeof Number | typeof Boolean | typeof Date>> = {
  string: String,
  enum: String,
  number: Number,
  boolean: Boolean,
  date: Date,
};

function typeOf(schema: z.ZodType, mixed: unknown): unknown {
  const field = fieldSchema(schema, '');
  const { type = '', element } = field === null ? {} : shapeOf(field);
  if (type !== 'array' || element === undefined) return simple[type] ?? mixed;
  return { type: [typeOf(element, mixed)], default: undefined };
}

/** The mongoose model of a declaration; the checking is zod's, which runs before. */
export function modelOf(mongoose: Mongoose, connection: Connection, declaration: AnyDeclaration): Model<StoredDoc> {
  const { Mixed } = mongoose.Schema.Types;
  const fields: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shapeOf(declaration.schema).shape ?? {})) {
    fields[name] = name === '_id' ? { type: String, required: true } : typeOf(schema, Mixed);
  }
  fields['emits'] = { type: [Mixed], default: undefined };
  Object.assign(fields, { emitDue: Date, emitParked: Boolean, emitSeq: Number });
  const schema = new mongoose.Schema(fields as SchemaDefinition, {
    strict: 'throw',
    strictQuery: false,
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  return connection.model<StoredDoc>(declaration.name, schema, declaration.name);
}

const wanted = (declaration: AnyDeclaration): Map<string, { key: Record<string, 1>; unique: boolean }> =>
  new Map([
    ...Object.entries(declaration.indexes).map(
      ([name, { fields, unique = false }]) =>
        [indexPrefix + name, { key: Object.fromEntries(fields.map((field) => [field, 1 as const])), unique }] as const,
    ),
    [`${indexPrefix}emitDue`, { key: { emitDue: 1 }, unique: false }] as const,
    [`${indexPrefix}emitParked`, { key: { emitParked: 1 }, unique: false }] as const,
  ]);

/** Makes the indexes that are declared, and drops those of ours that no longer are. */
export async function settleIndexes(model: Model<StoredDoc>, declaration: AnyDeclaration): Promise<void> {
  const { collection } = model;
  const indexes = wanted(declaration);
  const there = await collection.indexes().catch(() => []);
  for (const { name = '', key, unique = false } of there) {
    if (!name.startsWith(indexPrefix)) continue;
    const same = indexes.get(name);
    if (same !== undefined && JSON.stringify(same.key) === JSON.stringify(key) && same.unique === unique) {
      indexes.delete(name);
    } else {
      await collection.dropIndex(name);
    }
  }
  for (const [name, { key, unique }] of indexes) await collection.createIndex(key, { name, unique });
}

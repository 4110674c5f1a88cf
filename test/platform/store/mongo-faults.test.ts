import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { translate } from '../../../src/platform/store/mongo-faults.ts';

const { mongo } = mongoose;
const network = new mongo.MongoNetworkError('connection 3 closed');
/** What the driver makes of a fault within several writes at once. */
const several = Object.assign(new mongo.MongoServerError({ message: network.message }), { errorResponse: network });

describe('a fault of MongoDB', () => {
  it.each<[string, unknown]>([
    ['the network', network],
    ['the network, in the middle of several writes', several],
    ['no server to be found', new mongo.MongoServerSelectionError('none', {} as never)],
    ['a server that stops', new mongo.MongoServerError({ message: 'shutting down', code: 11600 })],
    ['a server that steps down', new mongo.MongoServerError({ message: 'not primary', code: 10107 })],
    ['no connection yet', new mongoose.MongooseError('before initial connection if `bufferCommands = false`')],
  ])('that will pass (%s) says so: store.unreachable, 503', (_, fault) => {
    expect(translate('things', fault)).toMatchObject({ code: 'store.unreachable', status: 503 });
  });

  it('of ours stays what it is', () => {
    const fault = new mongo.MongoServerError({ message: 'unknown operator', code: 2 });
    expect(translate('things', fault)).toBe(fault);
    expect(translate('things', fault, true)).toMatchObject({ code: 'store.change' });
  });
});

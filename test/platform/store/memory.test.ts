import { openMemoryStore } from '../../../src/platform/store/embedded.ts';
import { storeContract } from './contract.ts';

storeContract('memory', async (declarations) => openMemoryStore(declarations));

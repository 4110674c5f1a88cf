import { createEmbeddedStore } from '../../../src/platform/store/embedded.ts';
import { storeContract } from './contract.ts';
import { cleanFolders, freshFolder } from './folder.ts';

cleanFolders();
storeContract('disk', (declarations) => createEmbeddedStore({ folder: freshFolder(), declarations, strict: true }));

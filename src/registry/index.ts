export type { Fault, FaultCode, ImportCounts, ImportReport, Registry, RowCounts } from './registry.port.ts';
export { registryCollections } from './registry.model.ts';
export { createRegistry, type RegistryDeps } from './registry.service.ts';

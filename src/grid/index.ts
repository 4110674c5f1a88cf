export type { GridQueries, GridVerbs, OnDuty } from './grid.port.ts';
export type { Duty, Grid, Room } from './grid.model.ts';
export { gridCollections } from './grid.model.ts';
export { createGrid, type GridService } from './grid.service.ts';

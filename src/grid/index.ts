export { createGridKeeper } from './erase.ts';
export type { GridIntake, GridQueries, GridRow, GridRows, GridVerbs, OnDuty, RoomRow } from './grid.port.ts';
export type { Duty, Grid, Room } from './grid.model.ts';
export { gridCollections, villageCalendar } from './grid.model.ts';
export { createGrid, type GridService } from './grid.service.ts';

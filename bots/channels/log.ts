/** The part of a logger that channels use. Facts never hold texts, names or contact ids. */
export interface ChannelLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** A fault without its words, which may quote what somebody said. */
export function faultName(fault: unknown): string {
  if (!(fault instanceof Error)) return typeof fault;
  return 'code' in fault ? `${fault.name}:${String(fault.code)}` : fault.name;
}

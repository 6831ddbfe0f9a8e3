/** Years of the made logs: the archive's clock is the machine's, so the younger log is of the machine's year. */
const BEIJING_MS = 8 * 3_600_000;
const year = new Date(Date.now() + BEIJING_MS).getUTCFullYear();

export const THIS_YEAR = String(year);
export const LAST_YEAR = String(year - 1);
/** Ten minutes before the new year in Beijing. */
export const YEAR_END_MS = Date.UTC(year, 0, 1) - BEIJING_MS - 600_000;

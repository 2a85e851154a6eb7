import { FORMATS, loadFormat } from '../../src/report/formats/index.js';
import type { ReportFormat } from '../../src/report/formats/format.js';

/** Every form of the report with its name, loaded. */
export const LOADED_FORMATS: ReadonlyMap<string, ReportFormat> = new Map(
  await Promise.all(
    FORMATS.map(async ({ name }): Promise<readonly [string, ReportFormat]> => [
      name,
      await loadFormat(name),
    ]),
  ),
);

/** The one of that name; throws if there is none. */
export function requireFormat(name: string): ReportFormat {
  const found = LOADED_FORMATS.get(name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found;
}

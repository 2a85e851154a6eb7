import { renderJson, renderJsonParts } from '../render-json.js';
import type { ReportFormat } from './format.js';

export const json: ReportFormat = {
  extension: '.json',
  mediaType: 'application/json',
  summary: 'everything, for programs; its schema is shipped',
  render: (report) => renderJson(report),
  renderParts: (report) => renderJsonParts(report),
  renderSeveral: (report) => renderJson(report),
};

import { renderRecursiveText } from '../render-recursive-text.js';
import { renderText } from '../render-text.js';
import type { ReportFormat } from './format.js';

export const text: ReportFormat = {
  extension: '.txt',
  mediaType: 'text/plain',
  summary: 'for people at a terminal',
  render: renderText,
  renderSeveral: renderRecursiveText,
};

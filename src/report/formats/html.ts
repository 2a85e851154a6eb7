import { renderPage } from '../html/page.js';
import type { ReportFormat } from './format.js';

export const html: ReportFormat = {
  extension: '.html',
  mediaType: 'text/html',
  summary: 'one self-contained page for a browser, with charts',
  render: (report, { lockfilePath }) => renderPage(report, lockfilePath),
};

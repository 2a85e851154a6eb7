import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fetcher } from 'tuf-js';
import { requireCommonJs } from '../commonjs.js';
import {
  fileNameOf,
  isRootFile,
  type Download,
  type Downloader,
} from './tuf-download.js';

/** Largest file of a repository that is downloaded, whatever it declares. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Why a file could not be had. */
export type DownloadProblem = Extract<Download, { readonly message: string }>;

/** A tuf-js fetcher that remembers what tuf-js forgets. */
export interface TufFetcher extends Fetcher {
  /** Every `N.root.json` handed over, verified or not, for the cache. */
  readonly roots: ReadonlyMap<string, Uint8Array>;
  /**
   * The download that failed since the last call, if any. tuf-js turns some of
   * these errors into text, and "not reachable" must not become "not there".
   */
  takeProblem(): DownloadProblem | null;
}

/** Where files come from, and which of them are already known to verify. */
export interface TufFetcherOptions {
  readonly download: Downloader;
  /**
   * Roots of an earlier, verified walk. They answer where the repository says
   * that there is none, so that it cannot go back to an older root.
   */
  readonly knownRoots: ReadonlyMap<string, Uint8Array>;
  /** A private directory for a file that is being verified. */
  readonly scratch: string;
}

/**
 * Makes a fetcher for one tuf-js `Updater`. Files are untrusted until tuf-js
 * has verified them; here only their size is limited.
 */
export function createTufFetcher(options: TufFetcherOptions): TufFetcher {
  // The class by which tuf-js knows the end of the chain of roots.
  const { DownloadHTTPError } = requireCommonJs('tuf-js/dist/error.js');
  const roots = new Map<string, Uint8Array>();
  let problem: DownloadProblem | null = null;

  const ask = async (url: string, maxLength: number): Promise<Download> => {
    const maxBytes = Math.min(maxLength, MAX_FILE_BYTES);
    const answer = await options.download(url, maxBytes);
    const known = options.knownRoots.get(fileNameOf(url));
    return answer.status === 'absent' && known !== undefined
      ? { status: 'found', bytes: known }
      : answer;
  };

  const downloadBytes = async (url: string, max: number): Promise<Buffer> => {
    const answer = await ask(url, max);
    if (answer.status === 'absent') {
      const message = `${fileNameOf(url)} is not in the repository`;
      throw new DownloadHTTPError(message, answer.statusCode);
    }
    if (answer.status !== 'found') {
      problem = answer;
      throw new Error(answer.message);
    }
    if (isRootFile(fileNameOf(url))) roots.set(fileNameOf(url), answer.bytes);
    return Buffer.from(answer.bytes);
  };

  return {
    roots,
    takeProblem() {
      const taken = problem;
      problem = null;
      return taken;
    },
    downloadBytes,
    async downloadFile(url, maxLength, handler) {
      const path = join(options.scratch, 'download');
      writeFileSync(path, await downloadBytes(url, maxLength));
      return handler(path);
    },
  };
}

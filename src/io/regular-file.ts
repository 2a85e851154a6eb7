import { constants, open } from 'node:fs/promises';

export interface RegularFileLimits {
  /** Largest accepted size in bytes. */
  readonly maxBytes: number;
  /** Whether `path` itself may be a symbolic link. */
  readonly followLink: boolean;
}

/**
 * Reads `path` whole if it is a regular file within the limit. Whether it is
 * one is asked of the opened file, so that it cannot be exchanged in between.
 *
 * Throws an `Error` whose message says in a few words what is wrong, without
 * the path. Content is not looked at. Pipes and devices are refused, unread:
 * they could block or never end.
 */
export async function readRegularFile(
  path: string,
  limits: RegularFileLimits,
): Promise<Buffer> {
  const link = limits.followLink ? 0 : constants.O_NOFOLLOW;
  const file = await open(
    path,
    constants.O_RDONLY | constants.O_NONBLOCK | link,
  ).catch((error: unknown) => {
    throw new Error(whyUnreadable(error), { cause: error });
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new Error('not a regular file');
    if (status.size > limits.maxBytes) throw tooLarge(limits.maxBytes);
    // A file may grow after its size was asked for.
    const bytes = await file.readFile();
    if (bytes.length > limits.maxBytes) throw tooLarge(limits.maxBytes);
    return bytes;
  } finally {
    await file.close();
  }
}

function tooLarge(maxBytes: number): Error {
  return new Error(`larger than ${maxBytes} bytes`);
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ELOOP') return 'a symbolic link';
  return typeof code === 'string' ? `cannot be read (${code})` : 'unreadable';
}

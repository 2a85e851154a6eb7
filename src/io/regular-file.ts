import { constants, open } from 'node:fs/promises';

/** What `readRegularFile` accepts. */
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
 * Throws the system's error or one that says in a few words what is wrong;
 * `reasonOf` words both without the path. Content is not looked at. Pipes and
 * devices are refused, unread: they could block or never end.
 */
export async function readRegularFile(
  path: string,
  limits: RegularFileLimits,
): Promise<Buffer> {
  const link = limits.followLink ? 0 : constants.O_NOFOLLOW;
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | link;
  const file = await open(path, flags);
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

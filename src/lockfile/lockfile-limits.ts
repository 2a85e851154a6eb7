/** Largest lockfile in bytes: 128 MiB (SECURITY.md section 6). */
export const MAX_LOCKFILE_BYTES = 128 * 1024 * 1024;
/** Largest root package.json in bytes: 8 MiB. */
export const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
/** Most entries of one lockfile (SECURITY.md section 6). */
export const MAX_ENTRIES = 200_000;
/** Five for each entry; real lockfiles have two or three. */
export const MAX_EDGES = 1_000_000;

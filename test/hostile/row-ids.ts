/**
 * The ids of the table of hostile inputs, by section: each has to begin the
 * title of a test. A section is added here once all of its rows have one.
 */
export const ROW_IDS: Readonly<Record<string, readonly number[]>> = {
  // Lockfiles.
  L: [
    ...[1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18],
    ...[20, 21, 22, 24, 25, 26, 28, 29, 30, 32],
  ],
  // Attestation documents; the ids have three digits.
  H: [
    ...[0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 20, 21, 23],
    ...[24, 25, 27, 28, 29, 31, 32, 33, 35, 36, 37, 39, 40, 41, 43, 44, 45, 47],
    ...[48, 49, 51, 52, 53, 55, 56, 57, 59, 60, 61, 63, 64, 65, 67, 68, 69, 71],
    ...[72, 73, 75, 76, 77, 79, 80, 81, 83, 84, 85, 87, 88, 89, 91, 92, 93, 95],
    ...[96, 97, 99, 100, 101, 103, 104, 105, 107, 108, 109, 111, 112],
  ],
  // Mutations of real bundles.
  R: [1, 2, 4, 5, 6, 8, 9, 10, 12, 13],
  // Output.
  O: [1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14],
  // TUF and the trust root.
  U: [1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21],
  // Policy and pins.
  P: [1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24],
};

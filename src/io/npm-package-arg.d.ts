/** The part of npm-package-arg 14 that src/io uses. */
declare module 'npm-package-arg' {
  const npa: {
    /** Throws for names and specifications npm cannot read. */
    resolve(
      name: string,
      spec: string,
      where: string,
    ): { readonly type: string; readonly registry?: boolean };
  };
  export default npa;
}

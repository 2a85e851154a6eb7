/** The part of validate-npm-package-name 8 that is used. */
declare module 'validate-npm-package-name' {
  export default function validate(name: string): {
    readonly validForOldPackages: boolean;
  };
}

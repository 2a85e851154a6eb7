/** The part of @npmcli/arborist 10 that src/io uses. */
declare module '@npmcli/arborist' {
  interface ArboristEdge {
    readonly name: string;
    readonly type: string;
    /** After overrides; throws if an override refers to nothing. */
    readonly spec: string;
    readonly to: ArboristNode | null | undefined;
  }
  interface ArboristNode {
    readonly location: string;
    readonly isLink: boolean;
    readonly target: ArboristNode | null | undefined;
    readonly edgesOut: ReadonlyMap<string, ArboristEdge>;
    readonly inventory: ReadonlyMap<string, ArboristNode>;
  }
  export default class Arborist {
    constructor(options: { readonly path: string });
    loadVirtual(): Promise<ArboristNode>;
  }
  export type { ArboristEdge, ArboristNode };
}

/** The part of make-fetch-happen 16 that src/io/http.ts uses. */
declare module 'make-fetch-happen' {
  /** A stream that does not slow its source down when nobody reads. */
  interface ResponseBody {
    on(event: 'data', listener: (chunk: Uint8Array) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: unknown) => void): this;
  }

  interface FetchResponse {
    readonly status: number;
    readonly headers: { get(name: string): string | null };
    readonly body: ResponseBody | null;
  }

  export default function fetch(
    url: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<FetchResponse>;
}

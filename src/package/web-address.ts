/**
 * Whether a URL's `hostname` never leaves this machine: 127.0.0.0/8, ::1 and
 * localhost. Source: RFC 1122 section 3.2.1.3, RFC 4291, RFC 6761.
 */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

/** The address as given, but for a user name and password in it. */
export function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}

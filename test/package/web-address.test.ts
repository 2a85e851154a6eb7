import { describe, expect, it } from 'vitest';
import {
  isLoopbackHost,
  withoutCredentials,
} from '../../src/package/web-address.js';

describe('hosts', () => {
  it.each([
    ['localhost', 'http://localhost:4873/', true],
    ['127.0.0.1', 'http://127.0.0.1/', true],
    ['the end of 127.0.0.0/8', 'http://127.255.255.255/', true],
    ['the short form of 127.0.0.1', 'http://127.1/', true],
    ['a hexadecimal form of it', 'http://0x7f.0.0.1/', true],
    ['::1', 'http://[::1]:4873/', true],
    ['the long form of ::1', 'http://[0:0:0:0:0:0:0:1]/', true],
    ['a name below localhost', 'http://x.localhost/', false],
    ['a name that begins like localhost', 'http://localhost.example/', false],
    ['a name that begins like an address', 'http://127.0.0.1.example/', false],
    ['a name that ends like an address', 'http://x127.0.0.1.example/', false],
    ['a neighbour of 127.0.0.0/8', 'http://128.0.0.1/', false],
    ['every address of this machine', 'http://0.0.0.0/', false],
    ['a private network', 'http://192.168.0.1/', false],
    ['localhost as a user', 'http://localhost@example.com/', false],
  ])('%s', (_what, url, isLoopback) => {
    expect(isLoopbackHost(new URL(url).hostname)).toBe(isLoopback);
  });
});

describe('credentials', () => {
  it.each([
    ['none', 'https://npm.acme.example/x', 'https://npm.acme.example/x'],
    ['none: the text stays as it is', 'HTTPS://A.example', 'HTTPS://A.example'],
    ['name and password', 'https://me:pw@a.example/x', 'https://a.example/x'],
    ['a name alone', 'https://me@a.example/x', 'https://a.example/x'],
    ['a password alone', 'https://:pw@a.example/x', 'https://a.example/x'],
    ['escaped', 'https://m%40e:p%3Aw@a.example/x', 'https://a.example/x'],
    ['of a git address', 'git+ssh://git@a.example/x', 'git+ssh://a.example/x'],
    ['of what is no URL', 'me:pw@a.example x', 'me:pw@a.example x'],
  ])('%s', (_what, address, shown) => {
    expect(withoutCredentials(address)).toBe(shown);
  });
});

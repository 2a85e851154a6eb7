import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';

// The floor of any audit: the same documents over 50 connections, and nothing
// done with them. Called with the file that lists their URLs.
const [, , list = ''] = process.argv;
const urls = (await readFile(list, 'utf8')).split('\n').filter(Boolean);
const dispatcher = new Agent({ connections: 50 });
const headers = { 'accept-encoding': 'gzip' };
await Promise.all(
  urls.map(async (url) => {
    const { body } = await request(url, { dispatcher, headers });
    await body.arrayBuffer();
  }),
);
await dispatcher.close();

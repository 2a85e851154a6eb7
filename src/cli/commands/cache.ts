import { isNegated, readFlag, readText } from '../option-values.js';
import type { CacheCommandOptions } from '../options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

/** `cache [info|clear]` */
export const cacheCommand = defineCommand<CacheCommandOptions>({
  name: 'cache',
  operands: '[info|clear]',
  summary: 'What is kept of registries’ answers, or removes it',
  text:
    'info (the default) says where answers of registries are kept for later ' +
    'audits, how many and how large they are; clear removes them. The trust ' +
    'root is kept beside them and stays: it protects against being set back.',
  examples: [['provenance-audit cache clear', 'Removes all that is kept.']],
  options: ['cache', 'json'],
  read(given) {
    const [action = 'info', ...others] = given.operands;
    if ((action !== 'info' && action !== 'clear') || others.length > 0) {
      const found = given.operands.join(' ');
      throw usage(`cache: expected info or clear, found ${found}`);
    }
    if (isNegated(given, 'cache')) {
      throw usage('cache: there is no option --no-cache');
    }
    return {
      action,
      cache: readText(given, 'cache'),
      isJson: readFlag(given, 'json') ?? false,
    };
  },
  async run(options, environment) {
    const { runCache } = await import('../run-cache.js');
    await runCache(options, environment);
    return 0;
  },
});

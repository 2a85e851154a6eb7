import { requireCommonJs } from '../commonjs.js';

const defaults = requireCommonJs('npm-registry-fetch/lib/default-opts.js');

/**
 * Base URL of the public npm registry, ending in `/`: the one npm's own client
 * uses when nothing is configured. The only place the program has it from.
 */
export const PUBLIC_REGISTRY: string = defaults.registry;

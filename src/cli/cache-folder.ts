import { tmpdir, userInfo } from 'node:os';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

const NAME = 'provenance-audit';

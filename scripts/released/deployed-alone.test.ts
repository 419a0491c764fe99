import { describeMixes, describeReleases, releases } from './describe-mixes.ts';
import { deploysOf } from './mixes.ts';

describeReleases('deployed alone', () => describeMixes(deploysOf(releases)));

export { joinScans, logEntries, planScan, scanAll, scanBlocks, type ScanOptions, type ScanPlan, type ScanResult, shellHistories } from './scan.ts';
export { type Block, blockBytes, marginBytes, type Stretch } from './stretch.ts';
export { blockScanner, type BlockScanner, type BlockScannerOptions, type ScannedBlock } from './scan-block.ts';
export { emptyWatchList, maxWatchCount, parseWatchList, type WatchList, WatchListError } from './watch-list.ts';
export { keywordLists } from './recognisers/keywords.ts';
export { magicOf } from './recognisers/magics.ts';
export { walletOf } from './recognisers/wallets.ts';
export type {
  HistoryHit,
  HitPlace,
  IndicatorHit,
  IndicatorType,
  KeyScheduleHit,
  KeywordHit,
  MagicHit,
  MemoryOwner,
  RegionKind,
  ScanHit,
  SecretHit,
  TextEncodingName,
  WatchHit,
  YaraHit,
} from './hits.ts';
export { type YaraEngine, type YaraMatch, YaraRuleError, YaraScanError } from './yara/engine.ts';
export { type FilteredRule, type RuleFilter, ruleFilter } from './yara/filter.ts';
export { leastRunCharacters, type PrintableOptions, type PrintablePiece, type PrintableRun, printableRuns } from './strings.ts';

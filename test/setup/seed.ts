// Every run of the tests tries the same values, so that what is red has a reason in the change. New values are the fuzzer's
// work (`pnpm fuzz`), or are tried with FAST_CHECK_SEED.
import { configureGlobal } from 'fast-check'

configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20261122) })

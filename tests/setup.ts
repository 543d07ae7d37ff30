/** Random cases are drawn from the same seed on every machine, so that a test that passed here passes there. */
import fc from 'fast-check'

fc.configureGlobal({ seed: 20261124 })

/**
 * The largest result of a synchronous invocation, in bytes of its JSON: 6 MB and a little room. Lambda names this number when it
 * refuses a larger one: "Response payload size exceeded maximum allowed payload size (6291556 bytes)".
 */
export const lambdaResultLimit = 6_291_556

/** The largest result that an Application Load Balancer takes, in bytes of its JSON: 1 MB (AWS, "Lambda functions as targets"). */
export const albResultLimit = 1_048_576

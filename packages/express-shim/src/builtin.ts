/** Gives a built-in module where it is used, as a cold start pays for those that are loaded. */
export const getBuiltinModule: typeof process.getBuiltinModule = process.getBuiltinModule

/** Gives a built-in module at the place of its use: a cold start pays for each module that is loaded. */
export const getBuiltinModule: typeof process.getBuiltinModule = process.getBuiltinModule

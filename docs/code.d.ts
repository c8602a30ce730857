// What blocks of code in the documentation use without declaring it: test/docs-code.test.ts checks the types of the blocks.
declare const app: import('@expressway/core').App

create table accounts (
  id integer generated always as identity primary key,
  owner text not null constraint one_account_per_owner unique,
  balance numeric(20, 2) not null constraint never_overdrawn check (balance >= 0)
);

create table transfers (
  id integer generated always as identity primary key,
  "from" integer not null references accounts,
  "to" integer not null references accounts,
  amount numeric(20, 2) not null check (amount > 0)
);

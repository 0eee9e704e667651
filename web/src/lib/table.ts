// What tables are called. Pure.

/** Who is called by a word needs no other before it: "VIP", "Терраса 3", but "Стол A1", "Стол 12". */
export const tableName = (word: string, name: string): string => (/\p{L}{3}/u.test(name) ? name : `${word} ${name}`)

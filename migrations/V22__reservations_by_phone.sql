-- A guest's reservations are found as the guest is: by the last nine digits, the last one first. Before,
-- a number that was typed without its country's code was another one, and an erasure missed it.
UPDATE reservations SET phone_digits = (
    WITH RECURSIVE turned (length, key) AS (
        SELECT 0, ''
        UNION ALL
        SELECT turned.length + 1,
               key || substr(reservations.phone_digits, length(reservations.phone_digits) - turned.length, 1)
        FROM turned WHERE turned.length < min(9, length(reservations.phone_digits))
    )
    SELECT key FROM turned ORDER BY length DESC LIMIT 1
)
WHERE phone_digits IS NOT NULL;

"""The filter language of list calls: `where=Type=="ACCREC" AND AmountDue > 0`.

    expression := conjunction (("OR" | "||") conjunction)*
    conjunction := negation (("AND" | "&&") negation)*
    negation := "!" negation | "(" expression ")" | test
    test := operand (("==" | "=" | "!=" | ">" | ">=" | "<" | "<=") operand)?
    operand := literal | field ("." method "(" literal? ")")*
    field := name ("." name)*
    method := Contains | StartsWith | EndsWith | ToLower | ToUpper
    literal := text | number | true | false | null | guid(text) | DateTime(y, m, d[, h, m, s])

Words are read in any letter case, texts compare without case and accents (xero-api reference 5).
"""

from xero_sandbox.where.evaluate import Field, Kind, Where, read_where

__all__ = ["Field", "Kind", "Where", "read_where"]

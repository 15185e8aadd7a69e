package io.github.workflowhistory.testkit.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/** Texts that have broken one program or another, by what is awkward about them. */
final class AwkwardTexts {
    /** A character outside the Basic Multilingual Plane: U+1F680. */
    static final String ROCKET = "\uD83D\uDE80";

    private AwkwardTexts() {}

    /** Texts that may stand in messages, names and errors, but not all of them in ids. */
    static Map<String, String> all() {
        Map<String, String> texts = new LinkedHashMap<>(validInIds());
        texts.put("empty", "");
        texts.put("only spaces", "   ");
        texts.put("only a line break", "\n");
        texts.put("NUL", "before\u0000after");
        texts.put("only NUL", "\u0000");
        texts.put("lone high surrogate", "a\uD83Db");
        texts.put("lone low surrogate", "a\uDE80b");
        texts.put("lone surrogate at the end", "a\uD83D");
        texts.put("surrogates the wrong way round", "\uDE80\uD83D");
        texts.put("a megabyte of ASCII", "0123456789abcdef".repeat(65_536));
        texts.put("a megabyte of emoji", ROCKET.repeat(262_144));
        texts.put("longer than a page, with NUL at its end", "x".repeat(8_192) + "\u0000");
        return texts;
    }

    /** Texts that may stand everywhere. */
    static Map<String, String> validInIds() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("quotes", "it's \"quoted\" and `ticked`");
        texts.put("DROP TABLE", "Robert'); DROP TABLE workflow_executions; --");
        texts.put("percent signs", "100% of %s and %n, LIKE 'a%_b'");
        texts.put("backslashes", "C:\\new\\table \\\\ \\");
        texts.put("the six characters of an escape", "a\\u0000b");
        texts.put("an octal escape", "\\000 \\x00 \\N");
        texts.put("line breaks and tabs", "a\nb\r\nc\td\u000Be\fg");
        texts.put("control characters", "\u0001\u0007\u001B[31mred\u001B[0m\u007F\u0085");
        texts.put("placeholders", "$1 ? ?? :name @p {0} ${user} #{x} <%= y %>");
        texts.put("array and row syntax", "{a,\"b\",NULL} (1,\"2\") [3]");
        texts.put("NULL as a word", "NULL");
        texts.put("emoji", "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 " + ROCKET);
        texts.put("right to left", "\u0634\u0643\u0631\u0627 \u202Eabc\u202C");
        texts.put("combining characters", "e\u0301 and \u00E9, \u212B and \u00C5");
        texts.put("not characters", "\uFFFE\uFFFF\uFEFF\uFFFD\uE000");
        texts.put("Turkish and sharp s", "I\u0131\u0130i stra\u00DFe STRASSE");
        texts.put("spaces around", "  a  ");
        texts.put("non-breaking and zero width spaces", "a\u00A0b\u200Bc\u2028d\u2029");
        texts.put("JSON", "{\"a\": [1, null, \"\\u0000\"]}");
        texts.put("a comment", "/* a */ -- b");
        texts.put("two semicolons and a dollar quote", "; $$ ; $body$");
        return texts;
    }
}

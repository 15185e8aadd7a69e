package io.github.workflowhistory.store;

import io.github.workflowhistory.internal.Texts;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names ids in an error message, however many there are. */
final class IdList {
    private static final int NAMED = 5;

    private IdList() {}

    static String of(Collection<String> ids) {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("an exception about ids must name at least one");
        }
        String named = ids.stream().limit(NAMED).map(Texts::quote).collect(Collectors.joining(", "));
        return ids.size() > NAMED ? named + " and " + (ids.size() - NAMED) + " more" : named;
    }
}

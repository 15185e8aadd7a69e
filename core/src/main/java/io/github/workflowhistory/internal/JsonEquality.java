package io.github.workflowhistory.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * When two JSON values are the same to jsonb: order and spelling do not matter, and numbers are compared by their value
 * (1e2 is 100 is 100.0).
 */
public final class JsonEquality {
    private JsonEquality() {}

    /**
     * Compares two values.
     *
     * @param a a tree
     * @param b another
     * @return true when jsonb would call them equal
     */
    public static boolean equal(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue()) == 0;
        }
        if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
            return false;
        }
        if (a.isArray()) {
            for (int i = 0; i < a.size(); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isObject()) {
            for (Map.Entry<String, JsonNode> field : a.properties()) {
                JsonNode other = b.get(field.getKey());
                if (other == null || !equal(field.getValue(), other)) {
                    return false;
                }
            }
            return true;
        }
        return a.equals(b);
    }

    /**
     * A hash code that agrees with {@link #equal}.
     *
     * @param node a tree
     * @return equal numbers for equal trees
     */
    public static int hash(JsonNode node) {
        if (node.isNumber()) {
            // Equal decimals of different scale have equal doubles, and a collision of others does no harm.
            return Double.hashCode(node.decimalValue().doubleValue() + 0.0);
        }
        if (node.isArray()) {
            int hash = 1;
            for (JsonNode element : node) {
                hash = 31 * hash + hash(element);
            }
            return hash;
        }
        if (node.isObject()) {
            int hash = 2;
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                hash += field.getKey().hashCode() ^ hash(field.getValue());
            }
            return hash;
        }
        return node.hashCode();
    }
}

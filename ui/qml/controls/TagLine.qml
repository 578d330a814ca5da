pragma ComponentBehavior: Bound

import QtQuick

// Tags side by side, on as many lines as they need.
Item {
    id: root

    property bool onTint: false
    property var tags: []
    property var tones: []

    function arrange(): void {
        let x = 0;
        let y = 0;
        let line = 0;
        for (let i = 0; i < tags.count; i++) {
            const tag = tags.itemAt(i);
            if (!tag)
                continue;
            if (x > 0 && x + tag.implicitWidth > root.width) {
                x = 0;
                y += line + 10;
            }
            tag.x = x;
            tag.y = y;
            x += tag.implicitWidth + 14;
            line = tag.implicitHeight;
        }
        root.implicitHeight = tags.count ? y + line : 0;
    }

    onWidthChanged: root.arrange()

    Repeater {
        id: tags

        model: root.tags.length

        onItemAdded: root.arrange()

        Tag {
            required property int index

            onTint: root.onTint
            text: root.tags[index] ?? ""
            tone: root.tones[index] ?? "plain"

            onImplicitWidthChanged: root.arrange()
        }
    }
}

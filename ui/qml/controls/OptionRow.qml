pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// One of a few: ring (or square, when several may be taken), name, tags, a line below. Selected: tick, tint, border.
Pressable {
    id: root

    property bool many: false
    property var choice: ({})
    readonly property bool closed: !(root.choice.enabled ?? true)
    readonly property var tags: root.choice.tags ?? []
    readonly property var tones: root.choice.tagTones ?? []

    Accessible.description: root.choice.reason ?? ""
    Accessible.role: root.many ? Accessible.CheckBox : Accessible.RadioButton
    bottomPadding: 24
    checkable: false
    enabled: !root.closed
    implicitHeight: Math.max(root.tags.length || root.choice.note ? Sizes.optionHeight : 132, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: 32
    objectName: "option:" + (root.choice.id ?? "")
    radius: Sizes.radiusCard
    rightPadding: 32
    text: root.choice.title ?? ""
    topPadding: 24

    background: Rectangle {
        border.color: root.checked ? Theme.primary : Theme.line
        border.width: root.checked ? 5 : Theme.elder ? 3 : 2
        color: root.checked || root.pressed ? Theme.primaryTint : root.closed ? Theme.readOnly : Theme.surface
        radius: root.radius
    }
    contentItem: RowLayout {
        spacing: 28

        PickMark {
            checked: root.checked
            closed: root.closed
            many: root.many
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6

            Txt {
                Layout.fillWidth: true
                color: root.closed ? Theme.inkMuted : Theme.ink
                font.pixelSize: Theme.elder ? 46 : 36
                leading: 1.35
                strong: true
                text: root.text
            }
            TagLine {
                Layout.fillWidth: true
                onTint: root.checked
                tags: root.tags
                tones: root.tones
                visible: root.tags.length > 0
            }
            Txt {
                Layout.fillWidth: true
                color: root.closed ? Theme.warningInk : Theme.inkMuted
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.35
                strong: root.closed
                text: root.closed && root.choice.reason ? root.choice.reason : root.choice.note ?? ""
                visible: text !== ""
            }
        }
        Icon {
            color: root.closed ? Theme.outline : Theme.primary
            accent: root.closed ? Theme.outline : Theme.seal
            name: root.choice.icon ?? ""
            size: Theme.elder ? 80 : 64
        }
    }
}

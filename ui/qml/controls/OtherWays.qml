pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Another way to do the same: no way in is the only one.
ColumnLayout {
    id: root

    property var others: []
    property string title

    Layout.fillHeight: false
    spacing: 20
    visible: root.others.length > 0

    Txt {
        Layout.fillWidth: true
        font.pixelSize: Theme.elder ? Sizes.note : 30
        leading: 1.35
        strong: true
        text: root.title
        visible: text !== ""
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Sizes.gap
        columns: Theme.elder ? 1 : Math.max(1, Math.min(3, root.others.length))
        rowSpacing: 16
        uniformCellWidths: true

        Repeater {
            model: root.others.length

            SecondButton {
                required property int index
                readonly property var choice: root.others[index] ?? ({})

                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredWidth: 100
                blue: Theme.elder || root.others.length === 1
                enabled: choice.enabled ?? true
                fontSize: Theme.elder ? 42 : root.others.length > 2 ? 30 : 32
                iconName: choice.icon ?? ""
                implicitHeight: Math.max(120, implicitContentHeight + 32)
                objectName: "second:" + (choice.id ?? "")
                radius: Theme.elder ? Sizes.radiusMain : Sizes.radiusButton
                text: choice.title ?? ""

                onClicked: Flow.second(choice.id)
            }
        }
    }
}

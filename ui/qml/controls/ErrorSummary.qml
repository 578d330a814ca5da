pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// What is wrong, on top; the same words stand at the field.
Rectangle {
    id: root

    property var errors: []

    border.color: Theme.danger
    border.width: 3
    color: Theme.dangerTint
    implicitHeight: root.errors.length ? words.implicitHeight + 36 : 0
    radius: Sizes.radiusButton
    visible: root.errors.length > 0

    RowLayout {
        id: words

        anchors.left: parent.left
        anchors.margins: 28
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 20

        Icon {
            Layout.alignment: Qt.AlignTop
            accent: Theme.danger
            color: Theme.danger
            name: "warn"
            size: Theme.elder ? 52 : 44
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Repeater {
                model: root.errors.length

                Txt {
                    required property int index

                    Layout.fillWidth: true
                    color: Theme.danger
                    font.pixelSize: Theme.elder ? Sizes.note : 28
                    leading: 1.35
                    strong: true
                    text: root.errors[index] ?? ""
                }
            }
        }
    }
}

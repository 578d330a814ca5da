pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// The number to keep, and the code to keep it on the phone.
Card {
    id: root

    property string label
    property var notes: []
    property string qr
    property string reference

    implicitHeight: Math.max(Theme.landscape ? 240 : 304, row.implicitHeight + 44)

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: 36
        anchors.right: parent.right
        anchors.rightMargin: 20
        anchors.verticalCenter: parent.verticalCenter
        spacing: 24

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.4
                text: root.label
                visible: root.reference !== ""
            }
            Txt {
                Layout.fillWidth: true
                font.letterSpacing: 2
                font.pixelSize: Sizes.reference
                fontSizeMode: Text.HorizontalFit
                leading: 1.35
                minimumPixelSize: 36
                objectName: "reference"
                strong: true
                text: root.reference
                visible: text !== ""
                wrapMode: Text.NoWrap
            }
            Repeater {
                model: root.notes.length

                Txt {
                    required property int index

                    Layout.fillWidth: true
                    Layout.topMargin: index === 0 ? 12 : 0
                    font.pixelSize: Theme.elder ? Sizes.note : 28
                    leading: 1.5
                    text: root.notes[index] ?? ""
                }
            }
        }
        QrCard {
            error: "M"
            mark: false
            size: 260
            text: root.qr
            visible: root.qr !== ""
        }
    }
}
